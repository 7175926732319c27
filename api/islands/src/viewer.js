import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import './viewer.css';
window.NavigatedViewer = NavigatedViewer;
